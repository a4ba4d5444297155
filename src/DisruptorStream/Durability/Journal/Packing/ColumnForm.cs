namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>What the bits of a packed column are. The numbers are in files.</summary>
internal enum ColumnForm : byte
{
    /// <summary>What has to be added to the base.</summary>
    Integers = 0,

    /// <summary>The same, and the sums are doubles.</summary>
    WholeDoubles = 1,

    /// <summary>Which of a few values.</summary>
    Choices = 2,

    /// <summary>How often the column's unit has to be added to the base.</summary>
    Multiples = 3,
}
