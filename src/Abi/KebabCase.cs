using System.Text;

namespace Abi;

/// <summary>Spelling of enum members in files and reports.</summary>
public static class KebabCase
{
    /// <summary>"AddressSpaceSwitch" as "address-space-switch".</summary>
    public static string Of(string pascalCase)
    {
        var text = new StringBuilder(pascalCase.Length + 4);
        for (var i = 0; i < pascalCase.Length; i++)
        {
            if (i > 0 && char.IsUpper(pascalCase[i]))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(pascalCase[i]));
        }

        return text.ToString();
    }
}
