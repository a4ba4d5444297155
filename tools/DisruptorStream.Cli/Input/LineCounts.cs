namespace DisruptorStream.Cli.Input;

/// <summary>What became of the lines of the inputs: each is counted once.</summary>
internal sealed class LineCounts
{
    /// <summary>Lines that name the columns.</summary>
    public long Headers { get; set; }

    /// <summary>Lines of events, also of those that the engine drops; but not of those that are filtered.</summary>
    public long Events { get; set; }

    /// <summary>Lines of events of which --where is not true.</summary>
    public long Filtered { get; set; }

    /// <summary>Lines that cannot be read.</summary>
    public long Bad { get; set; }

    /// <summary>Lines with nothing in them.</summary>
    public long Blank { get; set; }

    /// <summary>Further lines of a header, an event or a bad line whose quotes span several.</summary>
    public long Further { get; set; }

    public long Total => Headers + Events + Filtered + Bad + Blank + Further;
}
