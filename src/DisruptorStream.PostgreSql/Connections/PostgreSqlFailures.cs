using System.Net.Sockets;
using Npgsql;

namespace DisruptorStream.PostgreSql.Connections;

/// <summary>What the failure of a call says.</summary>
internal static class PostgreSqlFailures
{
    /// <summary>Whether the server is away, or refuses for now: the same call may go well later.</summary>
    public static bool IsPassing(Exception failure) => failure switch
    {
        // The server ends, begins or recovers; it has no connection left; what was asked for clashed with others.
        PostgresException refused => refused.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || refused.SqlState.StartsWith("53", StringComparison.Ordinal)
            || refused.SqlState.StartsWith("08", StringComparison.Ordinal)
            || refused.SqlState.StartsWith("40", StringComparison.Ordinal)
            || refused.IsTransient,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is TimeoutException,
        _ => failure is TimeoutException or IOException or SocketException,
    };

    /// <summary>Whether a statement changed nothing, and goes well if it is run again at once.</summary>
    public static bool IsClash(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected,
    };
}
