package dev.filestore.jpa;

import jakarta.transaction.RollbackException;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** What an application server does: each JTA transaction has one connection, which is a part of it. */
final class EnlistingDataSource extends AbstractDataSource {

    private final XADataSource connections;
    private final TransactionManager transactions;
    private final Map<Transaction, Connection> enlisted = new ConcurrentHashMap<>();

    EnlistingDataSource(XADataSource connections, TransactionManager transactions) {
        this.connections = connections;
        this.transactions = transactions;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Transaction transaction = transactions.getTransaction();
            if (transaction == null) {
                XAConnection connection = connections.getXAConnection();
                return closing(connection.getConnection(), connection::close);
            }
            Connection known = enlisted.get(transaction);
            return known != null ? known : enlist(transaction);
        } catch (SystemException | RollbackException e) {
            throw new SQLException(e);
        }
    }

    private Connection enlist(Transaction transaction) throws SQLException, SystemException, RollbackException {
        XAConnection connection = connections.getXAConnection();
        transaction.enlistResource(connection.getXAResource());
        Connection shared = closing(connection.getConnection(), () -> {});
        enlisted.put(transaction, shared);
        transaction.registerSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
                enlisted.remove(transaction);
                try {
                    connection.close();
                } catch (SQLException e) {
                    throw new IllegalStateException("status " + status, e);
                }
            }
        });
        return shared;
    }

    private interface Closing {
        void close() throws SQLException;
    }

    private static Connection closing(Connection connection, Closing closing) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closing.close();
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }
}
