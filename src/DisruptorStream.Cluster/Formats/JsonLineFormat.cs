using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DisruptorStream.Cluster.Formats;

/// <summary>Each event is a line of JSON in UTF-8, as the results of a query are.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>About a microsecond for an event. Empty lines are passed over.</remarks>
public sealed class JsonLineFormat<TEvent> : IEventFormat<TEvent>
{
    private const string ByReflection = "The type is read by reflection: give a JsonTypeInfo where code is trimmed.";
    private const byte LineFeed = (byte)'\n';

    private readonly JsonTypeInfo<TEvent> _type;

    /// <summary>By reflection.</summary>
    /// <param name="options">
    /// How the type is read and written, such as <see cref="JsonSerializerOptions.Web"/>. Not indented.
    /// </param>
    /// <exception cref="ArgumentException">
    /// They write with indents, so that an event is several lines.
    /// </exception>
    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    public JsonLineFormat(JsonSerializerOptions options)
        : this(TypeOf(options))
    {
    }

    /// <summary>By what a source generator knows, or a resolver.</summary>
    /// <param name="type">
    /// How the type is read and written: that of a source-generated context, or of options that have a resolver. Not
    /// indented.
    /// </param>
    /// <exception cref="ArgumentException">It writes with indents, so that an event is several lines.</exception>
    public JsonLineFormat(JsonTypeInfo<TEvent> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.Options.WriteIndented)
        {
            throw new ArgumentException(
                "Events are lines of JSON, and the options write indents; set WriteIndented to false.", nameof(type));
        }

        _type = type;
    }

    /// <inheritdoc/>
    public void Write(TEvent one, IBufferWriter<byte> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using (var json = new Utf8JsonWriter(body))
            JsonSerializer.Serialize(json, one, _type);
        body.Write([LineFeed]);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">A line is no event; the message says which.</exception>
    public void Read(ReadOnlyMemory<byte> body, ICollection<TEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var rest = body.Span;
        for (var line = 1; !rest.IsEmpty; line++)
        {
            var end = rest.IndexOf(LineFeed);
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (!text.IsEmpty)
                events.Add(Event(text, line));
        }
    }

    [RequiresUnreferencedCode(ByReflection)]
    [RequiresDynamicCode(ByReflection)]
    private static JsonTypeInfo<TEvent> TypeOf(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TypeInfoResolver is null)
            options = new JsonSerializerOptions(options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        return (JsonTypeInfo<TEvent>)options.GetTypeInfo(typeof(TEvent));
    }

    private TEvent Event(ReadOnlySpan<byte> text, int line)
    {
        try
        {
            return JsonSerializer.Deserialize(text, _type)
                ?? throw new InvalidDataException($"Line {line} of the record is null and no event.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"Line {line} of the record is no {typeof(TEvent).Name}: {exception.Message}", exception);
        }
    }
}
