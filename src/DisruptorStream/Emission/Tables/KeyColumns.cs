using System.Globalization;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Emission.Tables;

/// <summary>The columns of a key: one, or one for each part of a tuple.</summary>
internal sealed class KeyColumns<TKey>
{
    private const int MostParts = 7;

    private static readonly Type[] Integers =
    [
        typeof(long), typeof(int), typeof(short), typeof(sbyte), typeof(byte), typeof(ushort), typeof(uint),
        typeof(ulong), typeof(TimeSpan),
    ];

    private static readonly Type[] Texts =
    [
        typeof(string), typeof(char), typeof(Guid), typeof(decimal), typeof(DateTime), typeof(DateOnly),
        typeof(TimeOnly),
    ];

    private readonly bool _isTuple;

    /// <exception cref="NotSupportedException">The type has no columns; the message says what to do.</exception>
    public KeyColumns()
    {
        _isTuple = typeof(ITuple).IsAssignableFrom(typeof(TKey)) && typeof(TKey).IsGenericType;
        var parts = _isTuple ? typeof(TKey).GetGenericArguments() : [typeof(TKey)];
        if (parts.Length > MostParts)
            throw new NotSupportedException($"A key of a table has at most {MostParts} parts; this one has more.");
        Types = Array.ConvertAll(parts, TypeOf);
    }

    /// <summary>What the cells of each part hold.</summary>
    public IReadOnlyList<ResultColumnType> Types { get; }

    /// <summary>The name of a part's column, where nothing names the part.</summary>
    public string NameOf(int part) =>
        Types.Count == 1 ? "key" : string.Create(CultureInfo.InvariantCulture, $"key{part + 1}");

    public void Write<TCells>(TKey key, ref TCells cells)
        where TCells : IResultCells, allows ref struct
    {
        // The compiler of a closed type leaves one of these.
        if (typeof(TKey) == typeof(string))
        {
            cells.AddText((string)(object)key!);
        }
        else if (typeof(TKey) == typeof(long))
        {
            cells.AddInteger((long)(object)key!);
        }
        else if (typeof(TKey) == typeof(int))
        {
            cells.AddInteger((int)(object)key!);
        }
        else if (_isTuple)
        {
            var parts = (ITuple)key!;
            for (var part = 0; part < parts.Length; part++)
                Write(parts[part], ref cells);
        }
        else
        {
            Write((object?)key, ref cells);
        }
    }

    private static ResultColumnType TypeOf(Type part)
    {
        if (part.IsEnum || Array.IndexOf(Texts, part) >= 0)
            return ResultColumnType.Text;
        if (Array.IndexOf(Integers, part) >= 0)
            return ResultColumnType.Integer;
        if (part == typeof(double) || part == typeof(float))
            return ResultColumnType.Number;
        if (part == typeof(bool))
            return ResultColumnType.Boolean;
        return part == typeof(DateTimeOffset) ? ResultColumnType.Time : throw new NotSupportedException(
            $"Keys of type {typeof(TKey)} cannot be shown in a table, for {part} has no column; use text, integers, "
            + "Guid, enums, times, or a tuple of these, or write a sink of your own.");
    }

    private static void Write<TCells>(object? part, ref TCells cells)
        where TCells : IResultCells, allows ref struct
    {
        switch (part)
        {
            case null:
                cells.AddText("");
                break;
            case string text:
                cells.AddText(text);
                break;
            case int number:
                cells.AddInteger(number);
                break;
            case long number:
                cells.AddInteger(number);
                break;
            case bool flag:
                cells.AddBoolean(flag);
                break;
            case double number:
                cells.AddNumber(number);
                break;
            case float number:
                cells.AddNumber(number);
                break;
            case DateTimeOffset time:
                cells.AddTime(time.UtcTicks - DateTime.UnixEpoch.Ticks);
                break;
            case TimeSpan span:
                cells.AddInteger(span.Ticks);
                break;
            case Enum name:
                cells.AddText(name.ToString());
                break;
            case DateTime or DateOnly or TimeOnly:
                cells.AddText(((IFormattable)part).ToString("O", CultureInfo.InvariantCulture));
                break;
            case Guid or char or decimal:
                cells.AddText(Convert.ToString(part, CultureInfo.InvariantCulture)!);
                break;
            default:
                cells.AddInteger(Convert.ToInt64(part, CultureInfo.InvariantCulture));
                break;
        }
    }
}
