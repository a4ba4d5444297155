namespace DisruptorStream.PostgreSql;

/// <summary>Moments as PostgreSQL keeps them: with microseconds.</summary>
internal static class PostgreSqlTime
{
    /// <param name="ticks">In ticks of 100 ns since 1970.</param>
    /// <exception cref="InvalidOperationException">It lies between two microseconds.</exception>
    public static DateTime Of(long ticks) => ticks % TimeSpan.TicksPerMicrosecond == 0
        ? new DateTime(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc)
        : throw new InvalidOperationException(
            $"A window begins or ends at tick {ticks}, and a timestamptz has whole microseconds; set Times of the sink "
            + "to WindowTimes.Ticks.");
}
