package com.example.invoices;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Its resources are found by their annotations. */
@ApplicationPath("/api")
public class InvoicesApplication extends Application {}
