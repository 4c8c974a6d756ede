/** The code of {@code docs/getting-started.md}. */
@org.jspecify.annotations.NullMarked
package com.example.files;
