using System;
using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis.CSharp;

namespace DisruptorStream.Generators.Fields;

/// <summary>Writes how events of a type are read.</summary>
internal sealed class EventTypeWriter
{
    private const string Fields = "global::DisruptorStream.Ingest.Fields";
    private const string Longs = "global::System.Span<long>";

    // Names with two underscores are left to compilers: no member of the type has one.
    private const string Readers = "__StreamEventReader";

    // The caller has a try around the call: a loop that is taken in there keeps its counters in memory.
    private const string NotInlined = "[global::System.Runtime.CompilerServices.MethodImpl("
        + "global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]";

    private readonly CodeWriter _code = new();
    private readonly EventType _type;

    private EventTypeWriter(EventType type) => _type = type;

    private string Published => $"global::System.ReadOnlySpan<{_type.Name}> published";

    public static string FileOf(EventType type) => CodeWriter.FileOf(type.Name, "StreamEvent");

    public static string Write(EventType type) => new EventTypeWriter(type).Write();

    private string Write()
    {
        var last = _type.Declarations.Length - 1;
        var face = $"{Fields}.IStreamEvent<{_type.Name}>";
        _code.Begin(
            _type.Space, _type.Declarations.SetItem(last, $"{_type.Declarations[last]} : {face}"));
        Line($"static {Fields}.StreamEventFields<{_type.Name}> {face}.DescribeFields() =>");
        Line($"    new {Fields}.StreamEventFields<{_type.Name}>(new {Readers}())");
        foreach (var measure in _type.Measures)
        {
            Line($"        .Measure({Text(measure.Label)}, "
                + $"global::DisruptorStream.Aggregation.MeasureType.{measure.Type})");
        }

        for (var key = 0; key < _type.Keys.Length; key++)
            Line($"        .Key<{_type.Keys[key].Type}>({Text(_type.Keys[key].Label)}, new {Readers}{key}())");
        Line("        ;");
        WriteReader();
        for (var key = 0; key < _type.Keys.Length; key++)
            WriteKeyReader($"{Readers}{key}", _type.Keys[key]);
        return _code.End();
    }

    private void WriteReader()
    {
        Line("");
        Line($"private sealed class {Readers} : {Fields}.FieldReader<{_type.Name}>");
        Open();
        Line($"public override long Read(in {_type.Name} one, {Longs} measures)");
        Open();
        WriteMeasures(isInLoop: false);
        Line($"return {_type.Time};");
        Close();
        Line("");
        Line(NotInlined);
        Line($"public override void ReadAll({Published}, {Longs} ticks, {Longs} measures, ref int read)");
        WriteLoop(key: null);
        Close();
    }

    private void WriteKeyReader(string name, EventMember key)
    {
        var type = KeyType(key);
        var keys = $"global::System.Span<{type}> keys";
        Line("");
        Line($"private sealed class {name} : {Fields}.FieldReader<{_type.Name}, {key.Type}>");
        Open();
        Line($"public override {type} ReadKey(in {_type.Name} one) => {key.Expression};");
        Line("");
        Line(NotInlined);
        Line($"public override void ReadKeys({Published}, {keys}, ref bool hasNone, ref int read)");
        Open();
        Line("keys = keys[..published.Length];");
        BeginLoop();
        WriteKey(key);
        EndLoop();
        Close();
        Line("");
        Line($"public override {type} Read(in {_type.Name} one, {Longs} measures, out long ticks)");
        Open();
        WriteMeasures(isInLoop: false);
        Line($"ticks = {_type.Time};");
        Line($"return {key.Expression};");
        Close();
        Line("");
        Line(NotInlined);
        Line($"public override void ReadAll({Published}, {keys}, {Longs} ticks, {Longs} measures,");
        Line("    ref bool hasNone, ref int read)");
        WriteLoop(key);
        Close();
    }

    /// <summary>The body of a method that reads all of a block in one pass.</summary>
    private void WriteLoop(EventMember? key)
    {
        Open();
        Line("ticks = ticks[..published.Length];");
        Line($"measures = measures[..(published.Length * {Math.Max(1, _type.Measures.Length)})];");
        if (key is not null)
            Line("keys = keys[..published.Length];");
        BeginLoop();
        Line($"ticks[index] = {_type.Time};");
        WriteMeasures(isInLoop: true);
        if (key is not null)
            WriteKey(key);
        EndLoop();
        Close();
    }

    private void BeginLoop()
    {
        Line("for (var index = 0; index < published.Length; index++)");
        Open();
        Line("ref readonly var one = ref published[index];");
    }

    private void EndLoop()
    {
        if (_type.CanThrow)
            Line("read = index + 1;");
        Close();
        if (!_type.CanThrow)
            Line("read = published.Length;");
    }

    private void WriteKey(EventMember key)
    {
        Line($"var key = {key.Expression};");
        Line("keys[index] = key;");
        if (!key.IsReference)
            return;
        Line("if (key is null)");
        Line("    hasNone = true;");
    }

    private void WriteMeasures(bool isInLoop)
    {
        // An event without measures has a word all the same.
        if (_type.Measures.Length == 0)
            Line($"measures[{(isInLoop ? "index" : "0")}] = 0L;");
        for (var index = 0; index < _type.Measures.Length; index++)
        {
            var place = !isInLoop ? $"{index}"
                : _type.Measures.Length == 1 ? "index"
                : $"(index * {_type.Measures.Length}) + {index}";
            Line($"measures[{place}] = {_type.Measures[index].Expression};");
        }
    }

    private static string KeyType(EventMember key) => key.IsReference ? $"{key.Type}?" : key.Type;

    private static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    private void Open() => _code.Open();

    private void Close() => _code.Close();

    private void Line(string text) => _code.Line(text);
}
