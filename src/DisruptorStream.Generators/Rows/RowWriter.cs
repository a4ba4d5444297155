using System.Linq;
using DisruptorStream.Generators.Source;
using Microsoft.CodeAnalysis.CSharp;

namespace DisruptorStream.Generators.Rows;

/// <summary>Writes how a type is filled from results.</summary>
internal static class RowWriter
{
    private const string Records = "global::DisruptorStream.Emission.Records";

    public static string FileOf(RowType type) => CodeWriter.FileOf(type.Name, "ResultRow");

    public static string Write(RowType type)
    {
        var face = $"{Records}.IResultRow<{type.Name}, {type.Key}>";
        var code = new CodeWriter();
        var last = type.Declarations.Length - 1;
        code.Begin(type.Space, type.Declarations.SetItem(last, $"{type.Declarations[last]} : {face}"));
        code.Line($"static {Records}.ResultRowColumn[] {face}.DescribeColumns() =>");
        code.Line("[");
        foreach (var member in type.Members.Where(member => member.IsMetric))
            code.Line($"    new({Text(member.Name.TrimStart('@'))}, {MetricOf(member)}, {TypeOf(member)}),");
        code.Line("];");
        code.Line("");
        if (type.KeyNames.Length > 0)
        {
            var names = string.Join(", ", type.KeyNames.Select(Text));
            code.Line($"static string[] {face}.DescribeKey() => [{names}];");
            code.Line("");
        }

        code.Line($"static {type.Name} {face}.Read(");
        code.Line($"    in global::DisruptorStream.Emission.WindowResult<{type.Key}> result,");
        code.Line("    global::System.ReadOnlySpan<int> columns)");
        code.Open();
        var column = 0;
        for (var index = 0; index < type.Members.Length; index++)
            code.Line($"var part{index} = {Value(type.Members[index], ref column)};");
        var arguments = type.Arguments.Select(member => $"part{member}");
        var behind = type.Members
            .Select((member, index) => (member, index))
            .Where(one => one.member.IsSetBehind)
            .Select(one => $"{one.member.Name} = part{one.index}")
            .ToArray();
        var initializer = behind.Length == 0 ? "" : $" {{ {string.Join(", ", behind)} }}";
        code.Line($"return new {type.Name}({string.Join(", ", arguments)}){initializer};");
        return code.End();
    }

    private static string Value(RowMember member, ref int column)
    {
        if (!member.IsMetric)
            return $"result.{member.Source}";
        var at = $"columns[{column++}]";
        return member.Source switch
        {
            "double" => $"result.GetDouble({at})",
            "long" => $"result.GetInt64({at})",
            "double?" => $"result.GetDouble({at}) is var value{column} && !double.IsNaN(value{column}) "
                + $"? value{column} : default(double?)",
            _ => $"result.IsFailed ? default(long?) : result.GetInt64({at})",
        };
    }

    private static string MetricOf(RowMember member) => member.Metric is { } name ? Text(name) : "null";

    private static string TypeOf(RowMember member) => "global::DisruptorStream.Aggregation.MeasureType."
        + (member.Source.StartsWith("long", System.StringComparison.Ordinal) ? "Int64" : "Double");

    private static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);
}
