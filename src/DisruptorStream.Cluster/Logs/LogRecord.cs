namespace DisruptorStream.Cluster.Logs;

/// <summary>What one append adds to a log: a body, and headers that say what it is.</summary>
/// <param name="Body">Any bytes; the most is what the log takes, 1 MB as a rule.</param>
/// <param name="Headers">
/// Names and values, as <see cref="LogRecords.Checked"/> takes them; null is none. A log keeps them in their order.
/// </param>
public readonly record struct LogRecord(
    ReadOnlyMemory<byte> Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The value of a header; null where there is none of the name.</summary>
    /// <param name="name">Its name; letters count as they are.</param>
    public string? Header(string name)
    {
        foreach (var header in Headers ?? [])
        {
            if (string.Equals(header.Key, name, StringComparison.Ordinal))
                return header.Value;
        }

        return null;
    }
}
