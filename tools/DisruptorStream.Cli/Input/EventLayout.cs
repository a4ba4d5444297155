using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input.Decoding;
using DisruptorStream.Cli.Input.Derived;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Input;

/// <summary>Which fields of a record make an event: the time, then the key's, then the measures.</summary>
internal sealed class EventLayout
{
    public const int TimeField = 0;

    public const int FirstKeyField = TimeField + 1;

    /// <param name="format">How the inputs are written.</param>
    /// <param name="time">The column of the time.</param>
    /// <param name="timeFormat">How times are written.</param>
    /// <param name="timeFormatName">The same, as the command line calls it.</param>
    /// <param name="keys">The columns of the key; "@file" alone for the name of the input.</param>
    /// <param name="measures">The columns that are aggregated.</param>
    /// <param name="keyNames">What the columns of the key are called in the output; null for as in the input.</param>
    /// <param name="expressions">What is computed of each row; null for nothing.</param>
    public EventLayout(
        InputFormat format,
        string time,
        TimeFormat timeFormat,
        string timeFormatName,
        IReadOnlyList<string> keys,
        IReadOnlyList<InputMeasure> measures,
        IReadOnlyList<string>? keyNames = null,
        RowExpressions? expressions = null)
    {
        Expressions = expressions ?? new RowExpressions();
        Format = format;
        TimeFormat = timeFormat;
        TimeFormatName = timeFormatName;
        KeyIsFileName = keys is ["@file"];
        KeyCount = KeyIsFileName ? 0 : keys.Count;
        KeyNames = keyNames ?? (KeyIsFileName ? ["file"] : keys);
        Measures = measures;
        var names = measures.Select(measure => measure.Name).Distinct(StringComparer.Ordinal).ToList();
        string[] ofEvents = [time, .. KeyIsFileName ? [] : keys, .. names];
        Fields = [.. ofEvents, .. Expressions.Inputs];
        FieldsOfInputs = [.. Enumerable.Range(ofEvents.Length, Expressions.Inputs.Count)];
        FieldsOfColumns = [.. Expressions.Columns.Select(column => Enumerable.Range(FirstKeyField, ofEvents.Length - 1)
            .Where(field => ofEvents[field] == column.Name).ToArray())];
        InputFields = [.. Fields.Select((name, field) => IsComputed(field) ? null : name)];
        Cells = [.. names.Select((name, index) => MeasuredCell.Of(name, FirstKeyField + KeyCount + index, measures))];
    }

    public InputFormat Format { get; }

    public TimeFormat TimeFormat { get; }

    public string TimeFormatName { get; }

    public bool KeyIsFileName { get; }

    /// <summary>The names of the key's columns in the output.</summary>
    public IReadOnlyList<string> KeyNames { get; }

    public int KeyCount { get; }

    public IReadOnlyList<InputMeasure> Measures { get; }

    /// <summary>The columns that are measured, each once.</summary>
    public IReadOnlyList<MeasuredCell> Cells { get; }

    /// <summary>What the inputs are written in, unless a byte order mark says otherwise.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>Whether lines with more or fewer fields than the header are taken.</summary>
    public bool IsRagged { get; init; }

    /// <summary>The texts of the measures that are symbols.</summary>
    public SymbolTable Symbols { get; } = new(int.MaxValue);

    /// <summary>What is computed of each row.</summary>
    public RowExpressions Expressions { get; }

    /// <summary>The columns, those of the input and those that are computed.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>The columns to look for in the input: the same; null in the place of one that is computed.</summary>
    public IReadOnlyList<string?> InputFields { get; }

    /// <summary>For each column of the input that expressions name, in their order, its field.</summary>
    public int[] FieldsOfInputs { get; }

    /// <summary>For each column that is computed, the fields of keys and measures that it is.</summary>
    public int[][] FieldsOfColumns { get; }

    private bool IsComputed(int field) => Array.Exists(FieldsOfColumns, fields => fields.Contains(field));
}
