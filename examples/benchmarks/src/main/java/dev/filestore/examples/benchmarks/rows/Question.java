package dev.filestore.examples.benchmarks.rows;

import dev.filestore.examples.benchmarks.harness.Finding;
import java.util.List;

/** Something that is measured. */
@FunctionalInterface
public interface Question {

    /**
     * Measures it.
     *
     * @param bench what with
     * @return what was found
     * @throws Exception if a side fails: then there is no figure
     */
    List<Finding> ask(Bench bench) throws Exception;
}
