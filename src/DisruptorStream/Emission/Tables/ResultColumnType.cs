namespace DisruptorStream.Emission.Tables;

/// <summary>What the cells of a column hold.</summary>
public enum ResultColumnType
{
    /// <summary>Text.</summary>
    Text = 0,

    /// <summary>Integers of 64 bits.</summary>
    Integer,

    /// <summary>Doubles. NaN is possible.</summary>
    Number,

    /// <summary>Moments, in ticks of 100 ns since 1970 (UTC).</summary>
    Time,

    /// <summary>Yes or no.</summary>
    Boolean,
}
