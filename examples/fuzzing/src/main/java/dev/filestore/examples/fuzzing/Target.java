package dev.filestore.examples.fuzzing;

import java.util.List;
import java.util.random.RandomGenerator;

/** Something that reads what a user sends, together with the rule by which its answer is judged. */
public interface Target {

    /** The name of the target, and of the folder of its finds. */
    String name();

    /**
     * Hands over an input and judges the answer. Whatever this throws is a find: {@link BrokenRule} where the answer is
     * wrong, anything else where there is none. The same input always gives the same answer.
     */
    void run(byte[] input);

    /** Makes an input up that gets far: right in most, wrong in something. */
    byte[] generate(RandomGenerator random);

    /** Inputs to begin with. */
    List<byte[]> seeds();

    /** What inputs are made of. */
    List<String> words();
}
