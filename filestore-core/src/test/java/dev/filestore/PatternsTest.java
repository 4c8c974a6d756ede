package dev.filestore;

class PatternsTest extends PatternsContract {

    @Override
    protected Class<?> memberOfModule() {
        return FileStore.class;
    }
}
