using System.Runtime.CompilerServices;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Gating;

/// <summary>Rows that may not go yet, in their order. Grows as needed.</summary>
/// <remarks>The emitting thread owns it.</remarks>
internal sealed class HeldRows
{
    private const int FirstCapacity = 64;

    private readonly int _width;
    private ResultHeader[] _headers = new ResultHeader[FirstCapacity];
    private long[] _values;
    private int _first;

    /// <param name="width">The most values of a row.</param>
    public HeldRows(int width)
    {
        _width = width;
        _values = new long[FirstCapacity * width];
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes that they take.</summary>
    public long Bytes => (long)Count * (Unsafe.SizeOf<ResultHeader>() + (_width * sizeof(long)));

    /// <summary>The oldest row. Only while there is one.</summary>
    public ref readonly ResultHeader Head => ref _headers[_first];

    /// <summary>The values of the oldest row.</summary>
    public ReadOnlySpan<long> HeadValues => ValuesAt(_first);

    /// <summary>Appends a copy of a row. Values that are not given keep stale contents.</summary>
    public void Add(in ResultHeader header, ReadOnlySpan<long> values)
    {
        if (Count == _headers.Length)
            Grow();
        var place = (_first + Count++) & (_headers.Length - 1);
        _headers[place] = header;
        values[..Math.Min(values.Length, _width)].CopyTo(ValuesAt(place));
    }

    /// <summary>Takes the oldest row away.</summary>
    public void RemoveHead()
    {
        _first = (_first + 1) & (_headers.Length - 1);
        Count--;
    }

    private Span<long> ValuesAt(int place) => _values.AsSpan(place * _width, _width);

    private void Grow()
    {
        var headers = new ResultHeader[_headers.Length * 2];
        var values = new long[headers.Length * _width];
        for (var row = 0; row < Count; row++)
        {
            var place = (_first + row) & (_headers.Length - 1);
            headers[row] = _headers[place];
            ValuesAt(place).CopyTo(values.AsSpan(row * _width, _width));
        }

        (_headers, _values, _first) = (headers, values, 0);
    }
}
