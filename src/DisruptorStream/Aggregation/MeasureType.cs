namespace DisruptorStream.Aggregation;

/// <summary>How the 64 bits of a measure, or of a result column, are to be read.</summary>
public enum MeasureType : byte
{
    /// <summary>An IEEE 754 double.</summary>
    Double = 0,

    /// <summary>A signed 64-bit integer; its sums are exact.</summary>
    Int64,
}
