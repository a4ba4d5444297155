using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Completion;

/// <summary>
/// Answers <c>dstream "[suggest:PLACE]" LINE</c>: what the word at the cursor may become, one on each line.
/// </summary>
/// <remarks>
/// In place of the answer of System.CommandLine, which does not know words with spaces in quotes, and a list of
/// aggregates is one.
/// </remarks>
internal sealed class SuggestAction : SynchronousCommandLineAction
{
    private readonly SuggestDirective _directive;
    private readonly RootCommand _root;

    public SuggestAction(SuggestDirective directive, RootCommand root)
    {
        _directive = directive;
        _root = root;
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        var place = parseResult.GetResult(_directive)?.Values is [.., var value]
            && int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : line.Length;
        try
        {
            foreach (var suggestion in Suggest(line[..Math.Clamp(place, 0, line.Length)]))
                parseResult.InvocationConfiguration.Output.WriteLine(suggestion);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A shell that completes has no place for complaints: what cannot be read offers nothing.
        }

        return ExitCode.Success;
    }

    /// <summary>What the last word of a line may become.</summary>
    private IEnumerable<string> Suggest(string line)
    {
        // The first word is the command's own name, by whatever path.
        var words = LineWords.Split(line).Skip(1).ToList();
        if (words.Count == 0)
            return [];
        var word = words[^1];
        words.RemoveAt(words.Count - 1);
        var parsed = _root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var command = parsed.CommandResult.Command;
        var option = words is [.., var last] ? Find(command, last) : null;
        if (option is not null && option.ValueType != typeof(bool) && option is not { Arity.MaximumNumberOfValues: 0 })
            return Fitting(ValueCompletion.Of(option, word, parsed), word);
        return Fitting(
            word.StartsWith('-')
                ? command.Options.Where(one => !IsUsed(one, parsed)).Select(one => one.Name)
                : command.Subcommands.Select(one => one.Name).Concat(
                    command.Arguments.Count > 0 ? ValueCompletion.Paths(word) : []),
            word);
    }

    private static IEnumerable<string> Fitting(IEnumerable<string> suggestions, string word) =>
        suggestions.Where(suggestion => suggestion.StartsWith(word, StringComparison.Ordinal));

    private static Option? Find(Command command, string word) => command.Options.FirstOrDefault(
        option => option.Name == word || option.Aliases.Contains(word));

    private static bool IsUsed(Option option, ParseResult parsed) =>
        parsed.GetResult(option) is { Implicit: false };
}
