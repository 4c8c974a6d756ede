package com.example.invoices;

import dev.filestore.Caller;
import dev.filestore.servlet.AccessPolicy;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Path("/invoices")
@RequestScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class InvoiceResource {

    @Inject
    private InvoiceService invoices;

    @Inject
    private AccessPolicy access;

    @Context
    private HttpServletRequest request;

    public record Draft(
            String number, BigDecimal amount, @Nullable List<Long> attachments) {}

    public record Shown(@Nullable Long id, String number, BigDecimal amount, List<Long> attachments) {

        static Shown of(Invoice invoice) {
            return new Shown(invoice.id(), invoice.number(), invoice.amount(), invoice.attachments());
        }
    }

    @GET
    public List<Shown> list() {
        return invoices.list(caller()).stream().map(Shown::of).toList();
    }

    @GET
    @Path("/{id}")
    public Shown find(@PathParam("id") long id) {
        return invoices.find(caller(), id).map(Shown::of).orElseThrow(NotFoundException::new);
    }

    @POST
    public Response create(@Nullable Draft draft) {
        if (draft == null || draft.number() == null || draft.amount() == null) {
            throw new BadRequestException("an invoice has a number and an amount");
        }
        List<Long> attachments = draft.attachments() == null ? List.of() : draft.attachments();
        Invoice invoice = invoices.create(caller(), draft.number(), draft.amount(), attachments);
        return Response.created(URI.create("invoices/" + invoice.id()))
                .entity(Shown.of(invoice))
                .build();
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") long id) {
        if (!invoices.delete(caller(), id)) {
            throw new NotFoundException();
        }
    }

    /** The user, as the servlet of the files knows them. */
    private Caller caller() {
        return access.authenticate(request).orElseThrow();
    }
}
