using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Output;

/// <summary>Writes the columns of a key. Keeps the parts of the keys that it has seen, up to a limit.</summary>
internal sealed class KeyCells
{
    private const int Kept = 1 << 16;

    private readonly int _count;
    private readonly Dictionary<string, string[]> _parts = new(StringComparer.Ordinal);

    public KeyCells(int count) => _count = count;

    public void Write(RowWriter row, string key)
    {
        if (_count == 0)
            return;
        if (_count == 1)
        {
            row.Write(key);
            return;
        }

        if (!_parts.TryGetValue(key, out var parts))
        {
            if (_parts.Count == Kept)
                _parts.Clear();
            _parts[key] = parts = KeyComposer.Split(key, _count);
        }

        foreach (var part in parts)
            row.Write(part);
    }
}
