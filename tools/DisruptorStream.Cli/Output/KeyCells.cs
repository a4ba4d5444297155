using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes the columns of a key. Keeps the parts of the keys that it has seen, up to a limit.</summary>
internal sealed class KeyCells
{
    private const int Kept = 1 << 16;

    private readonly int _count;
    private readonly string[] _single = new string[1];
    private readonly Dictionary<string, string[]> _parts = new(StringComparer.Ordinal);

    public KeyCells(int count) => _count = count;

    public void Write(RowWriter row, string key)
    {
        foreach (var part in PartsOf(key))
            row.Write(part);
    }

    /// <summary>The parts of a key, until the next call.</summary>
    public ReadOnlySpan<string> PartsOf(string key)
    {
        if (_count == 0)
            return default;
        if (_count == 1)
        {
            _single[0] = key;
            return _single;
        }

        if (!_parts.TryGetValue(key, out var parts))
        {
            if (_parts.Count == Kept)
                _parts.Clear();
            _parts[key] = parts = KeyComposer.Split(key, _count);
        }

        return parts;
    }
}
