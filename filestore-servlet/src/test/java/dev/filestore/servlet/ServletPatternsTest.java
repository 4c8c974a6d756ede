package dev.filestore.servlet;

import dev.filestore.PatternsContract;

class ServletPatternsTest extends PatternsContract {

    @Override
    protected Class<?> memberOfModule() {
        return FileStoreServlet.class;
    }
}
