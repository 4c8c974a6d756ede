package dev.filestore.local;

import java.nio.file.Path;

/** On file systems that cannot give a file a second name. */
class LocalStorageWithoutLinksTest extends LocalStorageTest {

    @Override
    LocalStorage open(Path folder) {
        return new LocalStorage(folder, Folders.Sync.DISK, false);
    }
}
