using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DisruptorStream.Emission.Texts;

/// <summary>Cells of JSON: in quotes, and what is not plain is escaped as the framework does it.</summary>
internal sealed class JsonCellText : CellText
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Default;

    public JsonCellText()
        : base(one => !Encoder.WillEncode(one))
    {
    }

    /// <inheritdoc/>
    public override int RoomBytesOf(string value) =>
        checked(2 + (value.Length * Encoder.MaxOutputCharactersPerInputCharacter));

    /// <inheritdoc/>
    public override int Write(string value, Span<byte> cell)
    {
        cell[0] = (byte)'"';
        var inside = cell[1..];
        var length = TryWritePlain(value, inside) ? value.Length : WriteEscaped(value, inside);
        inside[length] = (byte)'"';
        return length + 2;
    }

    private static int WriteEscaped(string value, Span<byte> inside)
    {
        // By way of UTF-8, where half of a character of two has become U+FFFD.
        var escaped = JsonEncodedText.Encode(Encoding.UTF8.GetBytes(value)).EncodedUtf8Bytes;
        escaped.CopyTo(inside);
        return escaped.Length;
    }
}
