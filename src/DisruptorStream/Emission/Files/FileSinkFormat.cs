namespace DisruptorStream.Emission.Files;

/// <summary>What a <see cref="FileSink{TKey}"/> writes.</summary>
public enum FileSinkFormat
{
    /// <summary>Comma-separated values (RFC 4180), with a header.</summary>
    Csv = 0,

    /// <summary>A JSON object for each line.</summary>
    Ndjson,
}
