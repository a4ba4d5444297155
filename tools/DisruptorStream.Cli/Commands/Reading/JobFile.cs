using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>A job as a file has it: an object of JSON with the names of the options, and an array of queries.</summary>
internal sealed class JobFile
{
    private const string InputsName = "inputs";
    private const string QueriesName = "queries";
    private const string NameOfQuery = "name";

    private static readonly string[] Paths = [InputsName, QueryParts.Output, QueryParts.LateOutput];

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly Dictionary<string, Option> _options;
    private readonly Dictionary<string, OptionText> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OptionText>> _lists = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _flags = new(StringComparer.Ordinal);
    private readonly List<QueryParts> _queries = [];

    private JobFile(string path, byte[] bytes, IEnumerable<Option> options)
    {
        _path = path;
        _bytes = bytes;
        _options = options.ToDictionary(option => option.Name[2..], StringComparer.Ordinal);
    }

    /// <summary>The inputs, their paths as the file's folder has them.</summary>
    public IReadOnlyList<OptionText> Inputs => ListOf(InputsName);

    /// <summary>The queries, in their order.</summary>
    public IReadOnlyList<QueryParts> Queries => _queries;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="options">The options that a file may have.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OptionException">It cannot be understood; the message says where.</exception>
    public static JobFile Read(string path, IEnumerable<Option> options)
    {
        var bytes = File.ReadAllBytes(path);
        var start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var file = new JobFile(path, bytes[start..], options);
        try
        {
            file.Read();
        }
        catch (JsonException exception)
        {
            var line = (int)(exception.LineNumber ?? 0);
            throw file.ErrorAt(
                file.StartOf(line) + (int)(exception.BytePositionInLine ?? 0), 1, Plainly(exception.Message));
        }

        return file;
    }

    /// <summary>The value of an option; null where the file has none.</summary>
    public OptionText? Find(Option option) => _texts.GetValueOrDefault(option.Name[2..]);

    /// <summary>The values of an option.</summary>
    public IReadOnlyList<OptionText> ListOf(Option option) => ListOf(option.Name[2..]);

    /// <summary>Whether a flag is set.</summary>
    public bool IsSet(Option option) => _flags.Contains(option.Name[2..]);

    private List<OptionText> ListOf(string name) => _lists.GetValueOrDefault(name) ?? [];

    private void Read()
    {
        var reader = new Utf8JsonReader(_bytes, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
        });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Error(reader, "A job is an object: { \"inputs\": [ ... ], \"time\": ..., \"queries\": [ ... ] }.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            ReadMember(ref reader);
        while (reader.Read())
        {
        }
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        var option = _options.GetValueOrDefault(name);
        if (option is null && name is not (InputsName or QueriesName))
        {
            string[] names = [.. _options.Keys, InputsName, QueriesName];
            throw Error(reader, $"A job has no '{name}'; {NearestWord.Hint(name, names)}");
        }

        if (!_seen.Add(name))
            throw Error(reader, $"The job has '{name}' twice; leave one out.");
        reader.Read();
        if (name == QueriesName)
            ReadQueries(ref reader);
        else if (option is null or Option<string[]>)
            _lists[name] = ReadList(ref reader, name);
        else if (option is Option<bool>)
            ReadFlag(reader, name);
        else
            _texts[name] = ReadText(reader, name, option as ChoiceOption);
    }

    private void ReadFlag(in Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            throw Error(reader, $"'{name}' is true or false.");
        if (reader.TokenType == JsonTokenType.True)
            _flags.Add(name);
    }

    private List<OptionText> ReadList(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [ReadText(reader, name)];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Error(reader, $"'{name}' is a text, or an array of texts.");
        var texts = new List<OptionText>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(ReadText(reader, name));
        return texts;
    }

    private OptionText ReadText(in Utf8JsonReader reader, string name, ChoiceOption? choice = null)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw Error(reader, $"'{name}' is a text; put its value between double quotes.");
        var text = reader.GetString()!;
        if (choice?.ProblemOf(text) is { } problem)
            throw Error(reader, problem);
        if (Paths.Contains(name, StringComparer.Ordinal) && text.Length > 0 && text != InputFiles.StandardInput)
            text = Path.Combine(Path.GetDirectoryName(_path) ?? "", text);
        return new OptionText($"{PlaceOf((int)reader.TokenStartIndex)} {name}:", text);
    }

    private void ReadQueries(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Error(reader, $"'{QueriesName}' is an array of objects.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw Error(reader, "A query is an object: { \"name\": ..., \"window\": ..., \"aggregate\": ... }.");
            ReadQuery(ref reader);
        }
    }

    private void ReadQuery(ref Utf8JsonReader reader)
    {
        // The name may come last, and every error of the query has it.
        var start = (int)reader.TokenStartIndex;
        var name = default(string);
        var parts = new List<(string Part, OptionText Value, int At)>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (part, at) = (reader.GetString()!, (int)reader.TokenStartIndex);
            if (part != NameOfQuery && !QueryParts.Names.Contains(part, StringComparer.Ordinal))
            {
                string[] names = [NameOfQuery, .. QueryParts.Names];
                throw Error(reader, $"A query has no '{part}'; {NearestWord.Hint(part, names)}");
            }

            reader.Read();
            var value = ReadText(reader, part);
            if (part != NameOfQuery)
                parts.Add((part, value, at));
            else if (name is not null)
                throw ErrorAt(at, part.Length + 2, "A query has its name twice; leave one out.");
            else if (string.IsNullOrWhiteSpace(value.Text))
                throw Error(reader, "The name of a query is empty; give it one.");
            else
                name = value.Text;
        }

        if (name is null)
            throw ErrorAt(start, 1, "A query lacks its name; add \"name\".");
        var (line, column) = LineAndColumnOf(start);
        var query = new QueryParts(name, new OptionText(PlaceOf(start), LineOf(line))
        {
            Query = name,
            Offset = column,
        });
        foreach (var (part, value, at) in parts)
        {
            if (query.Add(part, value with { Query = name }) is { } problem)
                throw ErrorAt(at, part.Length + 2, $"In the query '{name}': {problem}");
        }

        _queries.Add(query);
    }

    private OptionException Error(in Utf8JsonReader reader, string message) => ErrorAt(
        (int)reader.TokenStartIndex, Math.Max(1, (int)(reader.BytesConsumed - reader.TokenStartIndex)), message);

    private OptionException ErrorAt(int index, int length, string message)
    {
        var (line, column) = LineAndColumnOf(index);
        return new OptionException(PlaceOf(index), LineOf(line), new ExpressionException(message, column, length));
    }

    private string PlaceOf(int index)
    {
        var (line, column) = LineAndColumnOf(index);
        return string.Create(CultureInfo.InvariantCulture, $"{_path}:{line + 1}:{column + 1}");
    }

    private (int Line, int Column) LineAndColumnOf(int index)
    {
        index = Math.Clamp(index, 0, _bytes.Length);
        var before = _bytes.AsSpan(0, index);
        var start = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n'), Encoding.UTF8.GetCharCount(before[start..]));
    }

    private int StartOf(int line)
    {
        var start = 0;
        for (; line > 0; line--)
            start += _bytes.AsSpan(start).IndexOf((byte)'\n') + 1;
        return start;
    }

    private string LineOf(int line)
    {
        var rest = _bytes.AsSpan(StartOf(line));
        var end = rest.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]).TrimEnd('\r');
    }

    /// <summary>The message without the place, which is told beside it.</summary>
    private static string Plainly(string message)
    {
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"This is no JSON: {(place < 0 ? message : message[..place])}";
    }
}
