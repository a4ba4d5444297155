using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Expressions.Binding;

/// <summary>Which types go together, and what to say where they do not.</summary>
internal sealed class TypeRules
{
    private readonly ColumnEmitter _emitter;

    public TypeRules(ColumnEmitter emitter) => _emitter = emitter;

    /// <summary>The operand as a number, integer or double; a cell or null as a double.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="who">Who needs it, for the message.</param>
    public Operand Number(Operand operand, string who) => operand.Type switch
    {
        ExpressionType.Integer or ExpressionType.Double => operand,
        ExpressionType.Untyped or ExpressionType.Null => _emitter.Convert(operand, ExpressionType.Double),
        _ => throw Refused(operand, who, "a number", operand.Type == ExpressionType.Text
            ? "read it with cast(... as double)"
            : "write case when ... then 1 else 0 end"),
    };

    public Operand Double(Operand operand, string who) =>
        _emitter.Convert(Number(operand, who), ExpressionType.Double);

    /// <summary>The operand as an integer; a cell is read as one.</summary>
    public Operand Integer(Operand operand, string who) => operand.Type is ExpressionType.Double
        ? throw Refused(operand, who, "an integer", "write cast(... as bigint)")
        : operand.Type == ExpressionType.Untyped
            ? _emitter.Convert(operand, ExpressionType.Integer, isAsked: true)
            : _emitter.Convert(Number(operand, who), ExpressionType.Integer);

    public Operand Text(Operand operand, string who) => operand.Type switch
    {
        ExpressionType.Text => operand,
        ExpressionType.Untyped or ExpressionType.Null => _emitter.Convert(operand, ExpressionType.Text),
        _ => throw Refused(operand, who, "a text", "write cast(... as text)"),
    };

    public Operand Truth(Operand operand, string who) => operand.Type switch
    {
        ExpressionType.Boolean => operand,
        ExpressionType.Untyped or ExpressionType.Null => _emitter.Convert(operand, ExpressionType.Boolean),
        _ => throw Refused(operand, who, "a condition", operand.IsNumber
            ? "compare it, as in ... > 0"
            : "compare it, as in ... = 'x'"),
    };

    /// <summary>The operands as one type: the only one that is no cell and not null; of numbers the double.</summary>
    public Operand[] Unify(ReadOnlySpan<Operand> operands, string who)
    {
        var (type, first) = (ExpressionType.Null, default(Operand));
        foreach (var operand in operands)
        {
            if (operand.Type == ExpressionType.Null || operand.Type == type)
                continue;
            if (type is ExpressionType.Null or ExpressionType.Untyped)
            {
                (type, first) = (operand.Type, operand);
                continue;
            }

            if (operand.Type == ExpressionType.Untyped)
                continue;
            if (!operand.IsNumber || !first.IsNumber)
            {
                throw operand.Node.Span.Error(
                    $"{who} has {NameOf(first.Type)} and {NameOf(operand.Type)}; make them of one type, such as with "
                    + "cast(... as text) or cast(... as double).");
            }

            type = ExpressionType.Double;
        }

        // A cell beside integers may have a fraction.
        if (type == ExpressionType.Integer && HasCells(operands))
            type = ExpressionType.Double;
        var unified = operands.ToArray();
        for (var index = 0; index < unified.Length; index++)
            unified[index] = _emitter.Convert(unified[index], type);
        return unified;
    }

    public static string NameOf(ExpressionType type) => type switch
    {
        ExpressionType.Integer => "an integer",
        ExpressionType.Double => "a number",
        ExpressionType.Text => "a text",
        ExpressionType.Boolean => "a condition",
        ExpressionType.Untyped => "a cell",
        _ => "null",
    };

    private static bool HasCells(ReadOnlySpan<Operand> operands)
    {
        foreach (var operand in operands)
        {
            if (operand.Type == ExpressionType.Untyped)
                return true;
        }

        return false;
    }

    private static ExpressionException Refused(Operand operand, string who, string needed, string advice) =>
        operand.Node.Span.Error(
            $"{who} needs {needed}, and {ExpressionPrinter.Print(operand.Node)} is {NameOf(operand.Type)}; {advice}.");
}
