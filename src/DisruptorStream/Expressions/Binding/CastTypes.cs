using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax.Nodes;
using DisruptorStream.Messages;

namespace DisruptorStream.Expressions.Binding;

/// <summary>The names of the types.</summary>
internal static class CastTypes
{
    private static readonly Dictionary<string, ExpressionType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bigint"] = ExpressionType.Integer,
        ["integer"] = ExpressionType.Integer,
        ["int"] = ExpressionType.Integer,
        ["double"] = ExpressionType.Double,
        ["float"] = ExpressionType.Double,
        ["text"] = ExpressionType.Text,
        ["varchar"] = ExpressionType.Text,
        ["boolean"] = ExpressionType.Boolean,
        ["bool"] = ExpressionType.Boolean,
    };

    public static ExpressionType Find(CastNode node) => Types.TryGetValue(node.TypeName, out var type)
        ? type
        : throw node.TypeSpan.Error(
            $"There is no type '{node.TypeName}'; {NearestWord.Hint(node.TypeName, [.. Types.Keys])}");
}
