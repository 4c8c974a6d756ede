package dev.filestore.examples.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The other side of {@link Child}: reads questions from the standard input until it ends. */
public final class Answers {

    private Answers() {}

    /** Answers one question. */
    @FunctionalInterface
    public interface Question {

        /**
         * Answers.
         *
         * @param words the question
         * @return the answer, as {@code name=value name=value}
         * @throws Exception which is told to who asked
         */
        String answer(String[] words) throws Exception;
    }

    /** Takes the standard output for the answers: all else that is printed goes to the log. */
    public static PrintStream takeOutput() {
        PrintStream out = System.out;
        System.setOut(System.err);
        return out;
    }

    /** Greets, and answers until there are no more questions. */
    public static void serve(PrintStream out, String greeting, Question question) throws IOException {
        out.println("ok " + greeting);
        out.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = "ok " + question.answer(line.split(" ", -1));
            } catch (Exception | OutOfMemoryError e) {
                e.printStackTrace();
                answer = "failed " + String.valueOf(e).replaceAll("\\s+", " ");
            }
            out.println(answer);
            out.flush();
        }
    }
}
