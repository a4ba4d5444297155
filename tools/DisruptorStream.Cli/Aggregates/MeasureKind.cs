namespace DisruptorStream.Cli.Aggregates;

/// <summary>What of a column's cells an aggregate reads.</summary>
internal enum MeasureKind
{
    /// <summary>The number, as a double.</summary>
    Number,

    /// <summary>The digits of an integer, beside its double (<see cref="Exact.IntegerCode"/>).</summary>
    Integer,

    /// <summary>The text as it is written, for counting.</summary>
    Text,

    /// <summary>What is shown of the event that another column picks: a number, or a text.</summary>
    Shown,
}
