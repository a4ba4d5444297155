using System.Text;
using DisruptorStream.Cli.Input.Records;

namespace DisruptorStream.Cli.Input.Values;

/// <summary>Makes one key of several columns, and takes it apart again.</summary>
/// <remarks>
/// The parts are joined by the unit separator U+001F; where that occurs in a part it is escaped by U+001E.
/// </remarks>
internal sealed class KeyComposer
{
    private const byte Separator = 0x1F;
    private const byte Escape = 0x1E;

    private readonly bool _isFixed;
    private byte[] _bytes;
    private int _length;

    /// <param name="fixedKey">The key of every event; null to compose it.</param>
    public KeyComposer(string? fixedKey)
    {
        _isFixed = fixedKey is not null;
        _bytes = Encoding.UTF8.GetBytes(fixedKey ?? "");
        _length = _bytes.Length;
    }

    public ReadOnlySpan<byte> Key => _bytes.AsSpan(0, _length);

    public void Compose(FieldTable fields, ReadOnlySpan<int> parts)
    {
        if (_isFixed || parts.IsEmpty)
            return;
        _length = 0;
        if (parts.Length == 1)
        {
            Append(fields[parts[0]]);
            return;
        }

        for (var i = 0; i < parts.Length; i++)
            Add(fields[parts[i]], i);
    }

    /// <summary>Begins a key of several parts, or of none.</summary>
    public void Begin() => _length = _isFixed ? _length : 0;

    /// <summary>Adds a part to a key of several.</summary>
    /// <param name="text">What it is.</param>
    /// <param name="part">Which one, from 0.</param>
    public void Add(ReadOnlySpan<byte> text, int part)
    {
        if (part > 0)
            Append([Separator]);
        AppendEscaped(text);
    }

    /// <summary>The key of several parts, or of one.</summary>
    public static string Join(IReadOnlyList<string> parts)
    {
        var composer = new KeyComposer(null);
        if (parts.Count == 1)
            return parts[0];
        composer.Begin();
        for (var part = 0; part < parts.Count; part++)
            composer.Add(Encoding.UTF8.GetBytes(parts[part]), part);
        return Encoding.UTF8.GetString(composer.Key);
    }

    /// <summary>The parts of a key of a number of columns.</summary>
    public static string[] Split(string key, int count)
    {
        if (count == 1)
            return [key];
        var parts = new string[count];
        var part = new StringBuilder();
        var index = 0;
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] == Escape && i + 1 < key.Length)
            {
                part.Append(key[++i]);
            }
            else if (key[i] == Separator)
            {
                parts[index++] = part.ToString();
                part.Clear();
            }
            else
            {
                part.Append(key[i]);
            }
        }

        parts[index] = part.ToString();
        return parts;
    }

    private void AppendEscaped(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(Separator, Escape) is var place && place >= 0)
        {
            Append(text[..place]);
            Append([Escape, text[place]]);
            text = text[(place + 1)..];
        }

        Append(text);
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        if (_length + text.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + text.Length, _bytes.Length * 2));
        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
    }
}
