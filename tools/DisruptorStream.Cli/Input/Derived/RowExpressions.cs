using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Cli.Input.Derived;

/// <summary>What a job computes of each row before it is an event: columns, and which conditions hold.</summary>
internal sealed class RowExpressions
{
    /// <summary>As many as a row has bits for.</summary>
    public const int MostConditions = 64;

    private readonly List<(string Name, ExpressionNode Node)> _columns = [];
    private readonly List<RowCondition> _conditions = [];
    private readonly List<string> _inputs = [];
    private readonly Dictionary<string, ExpressionType> _types = new(StringComparer.Ordinal);

    /// <summary>The columns, in the order in which they were asked for: each may use those before it.</summary>
    public IReadOnlyList<(string Name, ExpressionNode Node)> Columns => _columns;

    /// <summary>What queries ask of a row, each once; at most <see cref="MostConditions"/>.</summary>
    public IReadOnlyList<RowCondition> Conditions => _conditions;

    /// <summary>The columns of the input that are read for this.</summary>
    public IReadOnlyList<string> Inputs => _inputs;

    public bool IsEmpty => _columns.Count == 0 && _conditions.Count == 0;

    /// <summary>Adds a column, as "rate = tokens / latency_ms * 1000".</summary>
    /// <exception cref="ExpressionException">It cannot be understood, or the name is taken.</exception>
    public void AddColumn(string text)
    {
        var (name, node) = Parser.ParseNamed(text);
        if (_types.ContainsKey(name.Text))
        {
            throw name.Span.Error(
                $"There is a column '{name.Text}' already, by an option before; give this one another name.");
        }

        _columns.Add((name.Text, node));
        _types[name.Text] = Check().LastType;
    }

    /// <summary>Adds what must be true of a row, unless it is there already. Returns its number.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="source">What it was given as, for messages.</param>
    /// <exception cref="ExpressionException">
    /// It cannot be understood, is no condition, or is one too many.
    /// </exception>
    public int AddCondition(string text, string source)
    {
        var node = Parser.Parse(text);
        var printed = ExpressionPrinter.Print(node);
        var number = _conditions.FindIndex(condition => ExpressionPrinter.Print(condition.Node) == printed);
        if (number >= 0)
            return number;
        if (_conditions.Count == MostConditions)
        {
            throw new ExpressionException(
                $"A job has at most {MostConditions} different conditions; run some of its queries as another job.",
                0,
                text.Length);
        }

        _conditions.Add(new RowCondition(node, source));
        Check();
        return _conditions.Count - 1;
    }

    /// <summary>What a column is; null for one that is not made here.</summary>
    public ExpressionType? TypeOf(string name) => _types.TryGetValue(name, out var type) ? type : null;

    private RowProgram Check()
    {
        var program = new RowProgram(this);
        foreach (var name in program.Inputs)
        {
            if (!_inputs.Contains(name, StringComparer.Ordinal))
                _inputs.Add(name);
        }

        return program;
    }
}
