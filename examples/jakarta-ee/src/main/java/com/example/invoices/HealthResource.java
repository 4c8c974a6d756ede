package com.example.invoices;

import dev.filestore.FileStore;
import dev.filestore.StoreHealth;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Whether the files' table and their storage answer, for a load balancer or a probe of readiness. */
@Path("/health")
@RequestScoped
public class HealthResource {

    @Inject
    private FileStore store;

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response health() {
        StoreHealth files = store.health();
        return Response.status(files.isUp() ? 200 : 503)
                .entity(Map.of("status", files.isUp() ? "UP" : "DOWN"))
                .build();
    }
}
