/** An application of invoices with attachments. */
@NullMarked
package com.example.invoices;

import org.jspecify.annotations.NullMarked;
