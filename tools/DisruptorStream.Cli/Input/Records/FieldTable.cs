using DisruptorStream.Expressions.Columns;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>
/// The fields of one record that a job asks for, copied out of the input so that they outlive its buffer.
/// </summary>
internal sealed class FieldTable
{
    private readonly int[] _starts;
    private readonly int[] _lengths;
    private readonly bool[] _isText;
    private byte[] _bytes = new byte[1024];
    private int _used;

    public FieldTable(int count)
    {
        _starts = new int[count];
        _lengths = new int[count];
        _isText = new bool[count];
    }

    /// <summary>A field's text; empty where it is missing.</summary>
    public ReadOnlySpan<byte> this[int field] =>
        _lengths[field] < 0 ? default : _bytes.AsSpan(_starts[field], _lengths[field]);

    /// <summary>Where a field's text lies, until the fields are cleared; empty where it is missing.</summary>
    public TextCell CellOf(int field) =>
        _lengths[field] < 0 ? TextCell.Empty : new TextCell(_bytes, _starts[field], _lengths[field]);

    public void Clear()
    {
        _used = 0;
        _lengths.AsSpan().Fill(-1);
        _isText.AsSpan().Clear();
    }

    /// <summary>Whether a format that has types says that the field is a text.</summary>
    public bool IsText(int field) => _isText[field];

    public bool IsPresent(int field) => _lengths[field] >= 0;

    /// <summary>Takes a field back: it has no value.</summary>
    public void Remove(int field) => _lengths[field] = -1;

    public void Set(int field, ReadOnlySpan<byte> text) => text.CopyTo(Reserve(field, text.Length, isText: false));

    /// <summary>Room for a field's text; <see cref="Shorten"/> it if less is needed.</summary>
    public Span<byte> Reserve(int field, int length, bool isText)
    {
        _isText[field] = isText;
        if (_used + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + length));
        _starts[field] = _used;
        _lengths[field] = length;
        _used += length;
        return _bytes.AsSpan(_starts[field], length);
    }

    public void Shorten(int field, int length)
    {
        _used -= _lengths[field] - length;
        _lengths[field] = length;
    }
}
