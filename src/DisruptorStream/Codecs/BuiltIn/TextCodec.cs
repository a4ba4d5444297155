using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>Texts: as UTF-8, or as UTF-16 where a lone surrogate has no UTF-8. Null is a text of its own.</summary>
internal sealed class TextCodec : IKeyCodec<string>
{
    private const int FormBits = 1;
    private const int Utf16 = 1;

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private TextCodec()
    {
    }

    public static TextCodec Instance { get; } = new();

    public string Name => "string";

    public void Write(string? key, IBufferWriter<byte> output)
    {
        // 0 is null; else the length in bytes, with the form in the lowest bit, plus one.
        if (key is null)
        {
            VarInt.Write(output, 0);
            return;
        }

        var isUtf16 = HasLoneSurrogate(key);
        var length = isUtf16 ? key.Length * sizeof(char) : Encoding.UTF8.GetByteCount(key);
        VarInt.Write(output, (((ulong)length << FormBits) | (isUtf16 ? Utf16 : 0u)) + 1);
        var bytes = output.GetSpan(length);
        if (isUtf16)
            WriteUtf16(key, bytes);
        else
            Encoding.UTF8.GetBytes(key, bytes);
        output.Advance(length);
    }

    string IKeyCodec<string>.Read(ReadOnlySpan<byte> source, out int bytesRead) => Read(source, out bytesRead)!;

    public string? Read(ReadOnlySpan<byte> source, out int bytesRead)
    {
        var rest = source;
        if (!VarInt.TryRead(ref rest, out var head))
            KeyBytes.ThrowNoKey(Name);
        bytesRead = source.Length - rest.Length;
        if (head-- == 0)
            return null;
        var length = head >> FormBits;
        if (length > (ulong)rest.Length)
            KeyBytes.ThrowNoKey(Name);
        bytesRead += (int)length;
        rest = rest[..(int)length];
        return (head & Utf16) != 0 ? ReadUtf16(rest) : ReadUtf8(rest);
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var rest = text.AsSpan(); ;)
        {
            var at = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0)
                return false;
            if (at + 1 == rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return true;
            rest = rest[(at + 2)..];
        }
    }

    private static void WriteUtf16(string text, Span<byte> bytes)
    {
        for (var index = 0; index < text.Length; index++)
        {
            bytes[2 * index] = (byte)text[index];
            bytes[(2 * index) + 1] = (byte)(text[index] >> 8);
        }
    }

    private string ReadUtf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(char) != 0)
            KeyBytes.ThrowNoKey(Name);
        var text = BitConverter.IsLittleEndian ? new string(MemoryMarshal.Cast<byte, char>(bytes)) : Swapped(bytes);

        // One text has one form: the other would make two records of one key.
        return HasLoneSurrogate(text) ? text : throw KeyBytes.NoKey(Name);
    }

    private static string Swapped(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[bytes.Length / sizeof(char)];
        for (var index = 0; index < chars.Length; index++)
            chars[index] = (char)(bytes[2 * index] | (bytes[(2 * index) + 1] << 8));
        return new string(chars);
    }

    private string ReadUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (ArgumentException exception)
        {
            throw KeyBytes.NoKey(Name, exception);
        }
    }
}
