namespace DisruptorStream.Testing;

/// <summary>What <see cref="AggregateLaws"/> tries.</summary>
public sealed record AggregateLawOptions
{
    /// <summary>How many random streams are tried: 1 or more. Default 300.</summary>
    public int Cases
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 300;

    /// <summary>The most events of a part of a stream: 1 or more. Default 12.</summary>
    public int MaxEvents
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 12;

    /// <summary>What the random streams grow from: the same value, the same streams. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// By how much results may differ that are only grouped differently, relative: 0 to 1. Default 1e-9.
    /// </summary>
    public double RelativeTolerance
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1);
            field = value;
        }
    }
    = 1e-9;

    /// <summary>
    /// Whether the order of the events and of what is merged does not matter. Default no: it is not checked.
    /// </summary>
    public bool IsCommutative { get; init; }

    /// <summary>
    /// Makes the values. Default small and large ones of both signs, equal ones, zeros and subnormals.
    /// </summary>
    public Func<Random, double> Values { get; init; } = AnyValue;

    private static double AnyValue(Random random) => random.Next(8) switch
    {
        0 => 0,
        1 => 1,
        2 => double.Epsilon,
        3 => (random.NextDouble() - 0.5) * 1e9,
        4 => random.Next(-3, 4),
        _ => random.NextDouble() * 100,
    };
}
