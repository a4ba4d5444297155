using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Aggregation;
using DisruptorStream.Messages;

namespace DisruptorStream.Emission;

/// <summary>The metrics of a processor's results: their names, and how to read their 64 bits.</summary>
/// <remarks>Immutable; one per processor, usable from any thread.</remarks>
public sealed class ResultSchema
{
    private readonly string _noun;
    private readonly string[] _names;
    private readonly MeasureType[] _types;
    private readonly bool[] _isCount;

    /// <param name="names">The names.</param>
    /// <param name="types">How to read the bits of each.</param>
    /// <param name="isCount">Which of them count something; none where nothing is given.</param>
    /// <param name="noun">What messages call one of them: a metric, or a measure of dropped events.</param>
    internal ResultSchema(
        ReadOnlySpan<string> names,
        ReadOnlySpan<MeasureType> types,
        ReadOnlySpan<bool> isCount = default,
        string noun = "metric")
    {
        if (names.Length != types.Length)
            throw new ArgumentException($"There are {names.Length} names for {types.Length} types.", nameof(types));

        _noun = noun;
        _names = names.ToArray();
        _types = types.ToArray();
        _isCount = isCount.IsEmpty ? new bool[names.Length] : isCount.ToArray();
        Names = Array.AsReadOnly(_names);
    }

    /// <summary>How many metrics there are.</summary>
    public int Count => _names.Length;

    /// <summary>The names of the metrics, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>
    /// The names of the parts of the key, in the order in which the query names them; empty where the key has no name,
    /// as that of a processor of its own.
    /// </summary>
    public IReadOnlyList<string> KeyParts { get; internal init; } = [];

    /// <summary>How the 64 bits of a metric are to be read.</summary>
    /// <param name="column">The metric's place, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such metric.</exception>
    public MeasureType TypeOf(int column) => _types[Checked(column)];

    /// <summary>
    /// The place of a metric. Look it up once where results are many: the cost is a comparison per metric.
    /// </summary>
    /// <param name="name">The metric's name; upper and lower case differ.</param>
    /// <exception cref="ArgumentException">There is no such metric; the message lists those there are.</exception>
    public int IndexOf(string name)
    {
        if (!TryIndexOf(name, out var column))
            ThrowUnknownName(name);

        return column;
    }

    /// <summary>The place of a metric, if there is one of that name.</summary>
    /// <param name="name">The metric's name; upper and lower case differ.</param>
    /// <param name="column">The metric's place, from 0; -1 when there is none.</param>
    /// <returns>Whether there is a metric of that name.</returns>
    public bool TryIndexOf(string name, out int column)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (column = 0; column < _names.Length; column++)
        {
            if (string.Equals(_names[column], name, StringComparison.Ordinal))
                return true;
        }

        column = -1;
        return false;
    }

    internal int Checked(int column)
    {
        if ((uint)column >= (uint)_names.Length)
            ThrowUnknownColumn(column);

        return column;
    }

    internal bool IsCount(int column) => _isCount[column];

    internal double ToDouble(int column, long bits) => _types[column] == MeasureType.Double
        ? BitConverter.Int64BitsToDouble(bits)
        : bits;

    internal long ToInt64(int column, long bits)
    {
        if (_types[column] == MeasureType.Double)
            ThrowNotInteger(column);

        return bits;
    }

    private string Listing() => _names.Length == 0 ? "there are none" : $"there are {string.Join(", ", _names)}";

    [DoesNotReturn]
    private void ThrowUnknownName(string name) => throw new ArgumentException(
        $"There is no {_noun} '{name}'; {Listing()}" +
        (NearestWord.Find(name, _names) is { } near ? $"; did you mean '{near}'?" : "."),
        nameof(name));

    [DoesNotReturn]
    private void ThrowUnknownColumn(int column) => throw new ArgumentOutOfRangeException(
        nameof(column),
        column,
        $"The place of a {_noun} must be at least 0 and below {_names.Length}; it was {column}, and {Listing()}.");

    [DoesNotReturn]
    private void ThrowNotInteger(int column) => throw new InvalidOperationException(
        $"The {_noun} '{_names[column]}' holds doubles, so its value as an integer would lose its fraction; " +
        "read it with GetDouble.");
}
