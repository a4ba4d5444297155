namespace DisruptorStream.Nats.Connections;

/// <summary>What a <see cref="StreamCursor"/> reads.</summary>
internal sealed record CursorPlan
{
    /// <summary>What is read, for messages: such as "the log calls/3".</summary>
    public required string Name { get; init; }

    /// <summary>The name of the stream.</summary>
    public required string Stream { get; init; }

    /// <summary>Only messages of it, which may have stars; null for all.</summary>
    public string? Subject { get; init; }

    /// <summary>The number behind which it begins; 0 for the first message that is kept.</summary>
    public required long After { get; init; }

    /// <summary>
    /// Whether the stream has every number: one that is missing is gone. Otherwise those between may be of others.
    /// </summary>
    public bool IsDense { get; init; }

    /// <summary>Whether messages that are gone are passed over.</summary>
    public bool SkipsGone { get; init; }

    /// <summary>How many bytes are asked for ahead of the reader.</summary>
    public required int ReadAheadBytes { get; init; }

    /// <summary>How long the server may be away; null for as long as it takes.</summary>
    public TimeSpan? Patience { get; init; }
}
