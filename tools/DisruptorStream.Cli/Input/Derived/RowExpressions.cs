using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Cli.Input.Derived;

/// <summary>What a job computes of each row before it is an event: columns, and whether it counts.</summary>
internal sealed class RowExpressions
{
    private readonly List<(string Name, ExpressionNode Node)> _columns = [];
    private readonly List<string> _inputs = [];
    private readonly Dictionary<string, ExpressionType> _types = new(StringComparer.Ordinal);

    /// <summary>The columns, in the order in which they were asked for: each may use those before it.</summary>
    public IReadOnlyList<(string Name, ExpressionNode Node)> Columns => _columns;

    /// <summary>What must be true of a row; null for all rows.</summary>
    public ExpressionNode? Where { get; private set; }

    /// <summary>The columns of the input that are read for this.</summary>
    public IReadOnlyList<string> Inputs => _inputs;

    public bool IsEmpty => _columns.Count == 0 && Where is null;

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

    /// <summary>Says what must be true of a row.</summary>
    /// <exception cref="ExpressionException">It cannot be understood, or is no condition.</exception>
    public void SetWhere(string text)
    {
        Where = Parser.Parse(text);
        Check();
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
