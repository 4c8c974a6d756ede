package dev.filestore.jpa;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Hands out connections of a database, and tells of what is executed on them, with its parameters. */
final class RecordingDataSource implements DataSource {

    /** Looks at a statement before it is executed. */
    interface Observer {
        void executing(String sql, List<Binding> bindings) throws Exception;
    }

    /** A call that set a parameter. */
    record Binding(Method setter, List<Object> arguments) {}

    private final Databases.Database database;
    private final Observer observer;

    /** Tells the observer of every statement; of {@code commit} and {@code rollback} too. */
    RecordingDataSource(Databases.Database database, Observer observer) {
        this.database = database;
        this.observer = observer;
    }

    /** Asks the database how it would execute the statement; one line for each row of the answer. */
    String explain(String sql, List<Binding> bindings) throws Exception {
        return run("explain " + sql, bindings);
    }

    /** What the database says of a statement after it has run it. */
    String analyze(String sql, List<Binding> bindings) throws Exception {
        return run((database.kind().equals("mariadb") ? "analyze " : "explain analyze ") + sql, bindings);
    }

    private String run(String sql, List<Binding> bindings) throws Exception {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Binding binding : bindings) {
                binding.setter().invoke(statement, binding.arguments().toArray());
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        plan.append(rows.getMetaData().getColumnLabel(i))
                                .append('=')
                                .append(rows.getString(i))
                                .append("; ");
                    }
                    plan.append('\n');
                }
            }
        }
        return plan.toString();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = database.connect();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                observer.executing(method.getName(), List.of());
            }
            Object result = call(connection, method, arguments);
            if (result instanceof PreparedStatement statement) {
                return recording(statement, (String) arguments[0]);
            }
            return result;
        });
    }

    private PreparedStatement recording(PreparedStatement statement, String sql) {
        List<Binding> bindings = new ArrayList<>();
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            boolean setsParameter = method.getName().startsWith("set")
                    && method.getParameterCount() >= 2
                    && method.getParameterTypes()[0] == int.class;
            if (setsParameter) {
                bindings.add(new Binding(method, Arrays.asList(arguments)));
            } else if (method.getName().startsWith("execute")) {
                observer.executing(sql, bindings);
            }
            return call(statement, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
