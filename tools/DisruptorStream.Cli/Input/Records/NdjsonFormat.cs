using System.Text.Json;
using DisruptorStream.Cli.Input.Rows;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>One JSON object per line. Members that are not asked for may be of any shape.</summary>
internal sealed class NdjsonFormat : RecordFormat
{
    private const int LinesForNames = 100;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = int.MaxValue };

    private readonly IReadOnlyList<string?> _names;
    private readonly JsonPath _root;
    private readonly FieldSightings _sightings;
    private readonly JsonRows _rows;
    private byte[] _scratch = new byte[256];
    private int _lines;

    public NdjsonFormat(IReadOnlyList<string?> names)
    {
        _names = names;
        _root = JsonPath.Of(names);
        _sightings = new FieldSightings(names);
        _rows = new JsonRows(_root, names.Count);
    }

    public override RecordScanner Scanner { get; } = new LineScanner();

    public override bool HasHeader => false;

    public override bool IsBlank(ReadOnlySpan<byte> record) => record.IndexOfAnyExcept(" \t\r"u8) < 0;

    public override void ReadHeader(ReadOnlySpan<byte> record) =>
        throw new InvalidOperationException("Lines of JSON have no header.");

    public override void AddTo(FieldSightings sightings)
    {
        _root.AddSeenTo(sightings);
        _sightings.CopyNamesTo(sightings);
    }

    public override string? Read(ReadOnlySpan<byte> record, long line, FieldTable fields)
    {
        try
        {
            var reader = new Utf8JsonReader(record, Deep);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "it is not a JSON object";
            var problem = ReadObject(ref reader, _root, fields);
            if (problem is null && reader.Read())
                problem = "there is something after the object";
            LookForNames(record);
            return problem;
        }
        catch (JsonException exception)
        {
            return $"it is not JSON: {exception.Message.Split(" LineNumber")[0].TrimEnd('.')}";
        }
    }

    public override int ReadRows(PaddedBytes bytes, RowParser parser, RowBatch rows, long lastTicks) =>
        _lines < LinesForNames ? 0 : _rows.Read(bytes, parser, rows, lastTicks);

    private void LookForNames(ReadOnlySpan<byte> record)
    {
        if (_lines == LinesForNames)
            return;
        _lines++;
        JsonNames.AddTo(_sightings, record, Deep);
    }

    private string? ReadObject(ref Utf8JsonReader reader, JsonPath path, FieldTable fields)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var next = Find(in reader, path);
            reader.Read();
            if (ReadNext(ref reader, next, fields) is { } problem)
                return problem;
        }

        return null;
    }

    private string? ReadArray(ref Utf8JsonReader reader, JsonPath path, FieldTable fields)
    {
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (ReadNext(ref reader, path.Find(index), fields) is { } problem)
                return problem;
        }

        return null;
    }

    private string? ReadNext(ref Utf8JsonReader reader, JsonPath? path, FieldTable fields)
    {
        if (path is null)
        {
            reader.Skip();
            return null;
        }

        path.IsSeen = true;
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return ReadValue(in reader, path, fields);
        if (path.Fields is [var field, ..])
            return $"'{PlainText.Of(_names[field] ?? "")}' is an object or an array, not a value";
        return reader.TokenType == JsonTokenType.StartObject
            ? ReadObject(ref reader, path, fields)
            : ReadArray(ref reader, path, fields);
    }

    private string? ReadValue(in Utf8JsonReader reader, JsonPath path, FieldTable fields)
    {
        for (var i = 0; i < path.Fields.Count; i++)
        {
            var field = path.Fields[i];
            if (reader.TokenType == JsonTokenType.Null)
            {
                fields.Remove(field);
            }
            else if (reader.TokenType != JsonTokenType.String)
            {
                fields.Set(field, reader.ValueSpan);
            }
            else
            {
                var room = fields.Reserve(field, reader.ValueSpan.Length, isText: true);
                if (!JsonText.TryUnescape(reader.ValueSpan, room, out var length))
                {
                    return $"'{PlainText.Of(_names[field] ?? "")}' is no text: it has bytes or escapes that are not "
                        + "Unicode";
                }

                fields.Shorten(field, length);
            }
        }

        return null;
    }

    /// <summary>Where the name of a member leads; null where nobody asks for it.</summary>
    private JsonPath? Find(in Utf8JsonReader reader, JsonPath path)
    {
        var name = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
            return path.Find(name);
        if (_scratch.Length < name.Length)
            _scratch = new byte[name.Length];
        return JsonText.TryUnescape(name, _scratch, out var length) ? path.Find(_scratch.AsSpan(0, length)) : null;
    }
}
