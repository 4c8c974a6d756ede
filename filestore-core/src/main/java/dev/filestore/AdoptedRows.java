package dev.filestore;

import java.net.URI;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MetadataRepository} is besides that can take over files which were stored before it knew of them, see
 * {@link FileStore#adopt}. The guarantees for its methods are those of {@link MetadataRepository}.
 */
public interface AdoptedRows {

    /**
     * Adds the row of a file that is there already, in one transaction and with the version 0. Unlike the rows of
     * {@link MetadataRepository#insert} it may have been uploaded at any time since 1970: whatever the repository has counted is
     * right with it.
     *
     * @param row the row; under its id where that is above 0, else under a new one. Its version and url are not looked at
     * @param url tells the address of the object by the row's id; called within the transaction
     * @return the row as it is now in the database; empty, with nothing changed, where a row has that key or that id already
     * @throws MetadataException if the database failed; the row may be there
     */
    Optional<FileRow> insertAdopted(FileRow row, LongFunction<@Nullable URI> url);

    /**
     * Lets every id that the repository gives to a new row from now on be above a number. Changes nothing where that is so
     * already; never lets an id come again.
     *
     * @param highest 1 to {@link AdoptRequest#MAX_ID}
     * @throws MetadataException if the database failed, or does not allow it; it may be done
     */
    void reserveIds(long highest);
}
