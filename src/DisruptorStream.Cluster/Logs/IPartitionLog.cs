namespace DisruptorStream.Cluster.Logs;

/// <summary>One partition of a topic: records, one behind the other, which are only ever added to.</summary>
/// <remarks>
/// <para>
/// What correctness rests on is <see cref="AppendAsync(LogRecord, long, CancellationToken)"/>: of two who append behind
/// the same record, one is refused. A log of a broker, a table or a file gives it; nothing else has to be agreed on.
/// </para>
/// <para>
/// Positions are numbers above 0 that only grow; between two of them there may be numbers of no record. A record that
/// was appended is there after a restart of the server, as far as the server promises it.
/// </para>
/// <para>Any thread, several calls at a time. A call that fails may be tried again.</para>
/// </remarks>
public interface IPartitionLog : IAsyncDisposable
{
    /// <summary>The topic and the number, such as "calls/3": for logs and messages.</summary>
    string Name { get; }

    /// <summary>The last record; null where there is none.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>Sees every record whose append has returned before the call.</remarks>
    ValueTask<LogEntry?> ReadLastAsync(CancellationToken cancellationToken);

    /// <summary>Appends a record right behind another one, or not at all.</summary>
    /// <param name="record">What is appended.</param>
    /// <param name="lastPosition">
    /// The position of the last record, as the caller knows it; 0 where <see cref="ReadLastAsync"/> gives none. Below 0
    /// is refused.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; the record may be there then.</param>
    /// <returns>Its position.</returns>
    /// <exception cref="PartitionFencedException">The last record is another one. Nothing was appended.</exception>
    /// <exception cref="ArgumentException">The record cannot be, or is too large. Nothing was appended.</exception>
    /// <remarks>
    /// Whatever else it throws, it is not known whether the record is there: <see cref="ReadLastAsync"/> tells.
    /// </remarks>
    ValueTask<long> AppendAsync(LogRecord record, long lastPosition, CancellationToken cancellationToken);

    /// <summary>Appends a record at the end, once for each id.</summary>
    /// <param name="record">What is appended.</param>
    /// <param name="id">
    /// Of this record alone, in this partition. Appending it again changes nothing, for two minutes at least: so an
    /// append that failed can be repeated.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; the record may be there then.</param>
    /// <returns>Its position; for one that is there already, where it is.</returns>
    /// <exception cref="ArgumentException">
    /// The record or the id cannot be (<see cref="LogRecords"/>), or the record is too large. Nothing was appended.
    /// </exception>
    ValueTask<long> AppendAsync(LogRecord record, string id, CancellationToken cancellationToken);

    /// <summary>Reads records in their order.</summary>
    /// <param name="after">
    /// The position behind which it begins; 0 for the first record that is kept. Below 0 is refused.
    /// </param>
    /// <param name="follow">
    /// False: ends behind the last record that is there when the enumeration begins. True: goes on with those that
    /// come, and ends only by the token.
    /// </param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <remarks>
    /// Reads ahead by a bounded number of bytes. A record comes once, whole, and none is left out; where the server is
    /// away for a while, a reader that follows waits for it or throws, and can be begun again behind the last record
    /// that it gave.
    /// </remarks>
    /// <exception cref="LogTruncatedException">
    /// Records behind the position are no longer kept; or the log ends before the position: it was set back.
    /// </exception>
    IAsyncEnumerable<LogEntry> ReadAsync(long after, bool follow, CancellationToken cancellationToken);
}
