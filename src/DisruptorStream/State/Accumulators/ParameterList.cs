using System.Globalization;

namespace DisruptorStream.State.Accumulators;

/// <summary>The numbers that belong to an identity, compared bit by bit. Immutable.</summary>
/// <remarks>Integers below 2^53 are kept as doubles, which is exact.</remarks>
internal sealed class ParameterList : IEquatable<ParameterList>
{
    private readonly double[] _values;

    public ParameterList(params IReadOnlyList<double> values) => _values = [.. values];

    public static ParameterList None { get; } = new();

    public int Count => _values.Length;

    public double this[int index] => _values[index];

    public bool Equals(ParameterList? other) => other is not null && Compare(this, other) == 0;

    public override bool Equals(object? obj) => Equals(obj as ParameterList);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in _values)
            hash.Add(BitConverter.DoubleToInt64Bits(value));
        return hash.ToHashCode();
    }

    /// <summary>An order of lists, by the bits of their numbers.</summary>
    public static int Compare(ParameterList left, ParameterList right)
    {
        for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
        {
            var bits = BitConverter.DoubleToInt64Bits(left[index]);
            var order = bits.CompareTo(BitConverter.DoubleToInt64Bits(right[index]));
            if (order != 0)
                return order;
        }

        return left.Count.CompareTo(right.Count);
    }

    /// <summary>For people.</summary>
    public override string ToString() =>
        string.Join(' ', Array.ConvertAll(_values, value => value.ToString(CultureInfo.InvariantCulture)));
}
