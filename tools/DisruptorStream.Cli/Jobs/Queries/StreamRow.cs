namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>What a row is to the queries of a stream. One is filled again and again.</summary>
internal sealed class StreamRow
{
    public StreamRow(int keys, int measures)
    {
        Keys = new string?[keys];
        Measures = new long[measures];
    }

    /// <summary>The time, in ticks since the Unix epoch.</summary>
    public long Ticks { get; set; }

    /// <summary>A bit for each condition that is true of it.</summary>
    public ulong Passed { get; set; }

    /// <summary>The keys; null where no query that takes the row groups by it.</summary>
    public string?[] Keys { get; }

    /// <summary>The 64 bits of each measure.</summary>
    public long[] Measures { get; }
}
