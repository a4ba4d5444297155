using System.Text;
using System.Text.Json;

namespace DisruptorStream.Cli.Input;

/// <summary>One JSON object per line. Members that are not asked for may be of any shape.</summary>
internal sealed class NdjsonFormat : RecordFormat
{
    private readonly byte[][] _names;

    public NdjsonFormat(IReadOnlyList<string> names) => _names = [.. names.Select(Encoding.UTF8.GetBytes)];

    public override bool HasHeader => false;

    public override void ReadHeader(ReadOnlySpan<byte> record) =>
        throw new InvalidOperationException("Lines of JSON have no header.");

    public override string? Read(ReadOnlySpan<byte> record, FieldTable fields)
    {
        try
        {
            var reader = new Utf8JsonReader(record);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "it is not a JSON object";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (ReadMember(ref reader, fields) is { } problem)
                    return problem;
            }

            return reader.Read() ? "there is something after the object" : null;
        }
        catch (JsonException exception)
        {
            return $"it is not JSON: {exception.Message.Split(" LineNumber")[0]}";
        }
    }

    private string? ReadMember(ref Utf8JsonReader reader, FieldTable fields)
    {
        var first = Find(reader, 0);
        if (first < 0)
        {
            reader.Read();
            reader.Skip();
            return null;
        }

        // Two fields may want the same member, as in max(x), with x a key as well.
        Span<int> wanted = stackalloc int[_names.Length];
        var count = 0;
        for (var field = first; field >= 0; field = Find(reader, field + 1))
            wanted[count++] = field;
        reader.Read();
        foreach (var field in wanted[..count])
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    var room = fields.Reserve(field, reader.ValueSpan.Length);
                    fields.Shorten(field, reader.CopyString(room));
                    break;
                case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                    fields.Set(field, reader.ValueSpan);
                    break;
                case JsonTokenType.Null:
                    break;
                default:
                    return $"'{Encoding.UTF8.GetString(_names[field])}' is an object or an array, not a value";
            }
        }

        return null;
    }

    private int Find(in Utf8JsonReader reader, int from)
    {
        for (var field = from; field < _names.Length; field++)
        {
            if (reader.ValueTextEquals(_names[field]))
                return field;
        }

        return -1;
    }
}
