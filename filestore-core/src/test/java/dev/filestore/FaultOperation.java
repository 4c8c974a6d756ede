package dev.filestore;

import java.util.function.Consumer;

/**
 * What a store is asked to do while calls go wrong.
 *
 * @param name what it is called in the report
 * @param setUp what was done before, when all was well
 * @param act what meets with the faults; a sweep follows
 * @param meanwhile what others do while a call hangs, before they sweep
 * @param isListenedTo whether listeners hear of it
 * @param isScanned whether a scanner looks into what is uploaded
 * @param isAudited whether something is wrong beforehand that only an audit finds, so that one follows in the end
 */
record FaultOperation(
        String name,
        Consumer<FaultClient> setUp,
        Consumer<FaultClient> act,
        Consumer<FaultClient> meanwhile,
        boolean isListenedTo,
        boolean isScanned,
        boolean isAudited) {

    FaultOperation(
            String name, Consumer<FaultClient> setUp, Consumer<FaultClient> act, Consumer<FaultClient> meanwhile) {
        this(name, setUp, act, meanwhile, false, false, false);
    }

    FaultOperation(String name, Consumer<FaultClient> setUp, Consumer<FaultClient> act) {
        this(name, setUp, act, client -> {});
    }

    FaultOperation(String name, Consumer<FaultClient> act) {
        this(name, client -> {}, act);
    }

    /** The same, while listeners hear of it. */
    FaultOperation withListener() {
        return new FaultOperation(name + ", listened to", setUp, act, meanwhile, true, isScanned, isAudited);
    }

    /** The same, past a scanner. */
    FaultOperation withScanner() {
        return new FaultOperation(name + ", scanned", setUp, act, meanwhile, isListenedTo, true, isAudited);
    }

    /** The same, with an audit in the end. */
    FaultOperation withAudit() {
        return new FaultOperation(name, setUp, act, meanwhile, isListenedTo, isScanned, true);
    }
}
