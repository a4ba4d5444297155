using System.CommandLine;
using System.CommandLine.Parsing;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Text;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Commands;

/// <summary>Says what is wrong with the arguments, and points at the one that is at fault.</summary>
internal static class UsageErrors
{
    private const string UnknownOption = "There is no option ";
    private const string NoValue = " has no value: ";

    // What word processors make of the hyphens before an option.
    private static readonly char[] Dashes = ['-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212'];

    public static void Write(TextWriter error, ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var command = parsed.CommandResult.Command;
        var told = new HashSet<string>(StringComparer.Ordinal);
        var isUnknown = parsed.UnmatchedTokens.Count > 0 || parsed.Errors.Any(
            one => one.Message.StartsWith(UnknownOption, StringComparison.Ordinal)
                || one.Message.Contains(NoValue, StringComparison.Ordinal));
        foreach (var problem in parsed.Errors)
        {
            // Where a word is unknown, or an option has taken the next one, what they stand for is missing as well.
            var token = TokenOf(problem, parsed);
            if (isUnknown && token is null)
                continue;
            var message = token is not null && parsed.UnmatchedTokens.Contains(token, StringComparer.Ordinal)
                ? DescribeUnknown(token, command)
                : problem.Message;
            if (!told.Add(message))
                continue;
            error.WriteLine($"dstream: {PlainText.Of(Plainly(message, problem, command))}");
            if (token is not null)
                PointAt(error, arguments, token);
        }

        error.WriteLine($"See '{PathOf(parsed.CommandResult)} --help'.");
    }

    /// <summary>Says what is missing.</summary>
    public static void Write(TextWriter error, ParseResult parsed, MissingOptionsException missing)
    {
        foreach (var message in missing.Messages)
            error.WriteLine($"dstream: {message}");
        error.WriteLine($"See '{PathOf(parsed.CommandResult)} --help'.");
    }

    private static string Plainly(string message, ParseError problem, Command command) => problem.SymbolResult switch
    {
        CommandResult when message.Contains("command was not provided", StringComparison.Ordinal) =>
            $"Say what to do: {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}.",
        _ => message,
    };

    /// <summary>The argument that a problem is about; null where one is missing.</summary>
    private static string? TokenOf(ParseError problem, ParseResult parsed) =>
        parsed.UnmatchedTokens.FirstOrDefault(
            token => problem.Message.Contains($"'{token}'", StringComparison.Ordinal))
        ?? problem.SymbolResult?.Tokens.FirstOrDefault(
            token => problem.Message.Contains($"'{token.Value}'", StringComparison.Ordinal))?.Value;

    /// <summary>Whether a word is meant as an option.</summary>
    public static bool IsLikeOption(string token) => token.Length > 1 && Dashes.Contains(token[0]);

    /// <summary>Says that an option has taken the one behind it for its value.</summary>
    public static string DescribeNoValue(string option, string next) => $"'{option}'{NoValue}'{next}' follows it.";

    /// <summary>Says that a command knows no such word, and which one it knows that is near.</summary>
    public static string DescribeUnknown(string token, Command command)
    {
        var isOption = IsLikeOption(token);
        var words = isOption
            ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))
            : command.Subcommands.Select(subcommand => subcommand.Name);
        var what = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument here";
        return $"There is no {what} '{token}'"
            + (NearestWord.Find(token, words) is { } near ? $"; did you mean '{near}'?" : ".");
    }

    private static void PointAt(TextWriter error, IReadOnlyList<string> arguments, string token)
    {
        var line = "";
        var place = -1;
        foreach (var argument in arguments)
        {
            var shown = argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;
            if (place < 0 && argument == token)
                place = line.Length + (shown.Length - argument.Length) / 2;
            line += shown + " ";
        }

        if (place >= 0)
            CaretLines.Write(error, "dstream", line.TrimEnd(), place, token.Length);
    }

    private static string PathOf(CommandResult command) => command.Parent is CommandResult parent
        ? $"{PathOf(parent)} {command.Command.Name}"
        : "dstream";
}
