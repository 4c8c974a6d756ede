package com.example.invoices;

import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** Mounts the files: for users, and for whoever holds a signed address. {@code web.xml} says who may do what there. */
public class FilesListener implements ServletContextListener {

    @Inject
    private FilesConfiguration files;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        event.getServletContext().addServlet("files", files.servlet()).addMapping("/api/files/*", "/shared/*");
    }
}
