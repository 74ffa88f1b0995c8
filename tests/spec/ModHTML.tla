------------------------------ MODULE ModHTML ------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of HTML.
EXTENDS HTML, Sequences

ASSUME HTMLFill("a %x% b %x%", <<<<"%x%", "1">>>>) = "a 1 b %x%"
ASSUME HTMLAttribute("color", "red") = "color: red;"
ASSUME HTMLClass(".c", <<"a: b;", "d: e;">>) = ".c {\na: b;\nd: e;\n}"
ASSUME HTMLDefaultStyle = ".default_grid {\ndisplay: grid;\n}\n" \o
         ".default_box {\nborder: 1px solid black;\n}\n.default_circle {\nborder-radius: 50%;\n}"
ASSUME HTMLStyleSheet(<<"X">>) = "<style type=\"text/css\">\n" \o HTMLDefaultStyle \o "\nX\n</style>"
ASSUME HTMLSize("1px", "2px") = "width: 1px; height: 2px;"
ASSUME HTMLFlexCenterAttributes
         = "display: flex;\nalign-items: center;\njustify-content: center;"
ASSUME HTMLDocument("H", "B", <<"S", "T">>) = "<!DOCTYPE html>\n<html>\nH\nB\nS\nT\n</html>"
ASSUME HTMLHeader("T", <<"L">>, <<>>)
         = "<head>\n<meta charset=\"UTF-8\">\n<title>T</title>\nL\n" \o HTMLStyleSheet(<<>>) \o "\n</head>"
ASSUME HTMLBody("B") = "<body>\nB\n</body>"
ASSUME HTMLScriptFile("f.js") = "<script src=\"f.js\"></script>"
ASSUME HTMLScript(<<"a", "b">>) = "<script>\na\nb\n</script>"
ASSUME HTMLLink("n", "t") = "<link href=\"n\" rel=\"t\"/>"
ASSUME HTMLFrame("i", <<"c">>) = "<div id=\"i\">\nc\n</div>"
ASSUME HTMLGridContainer("i", <<"p", "q">>, <<"c">>)
         = "<div id=\"i\" class=\"default_grid p q\">\nc\n</div>"
ASSUME HTMLBox("i", <<"p">>, "s", <<"c">>)
         = "<div id=\"i\" class=\"default_box p\" style=\"s\">\nc\n</div>"
ASSUME HTMLCircle("i", <<"p">>, "s", <<"c">>) = HTMLBox("i", <<"default_circle", "p">>, "s", <<"c">>)
ASSUME HTMLText("i", "t") = "<span id=\"i\">\nt\n</span>"
ASSUME HTMLSVG("i", "v", "s", "x") = "<svg id=\"i\" viewBox=\"v\" style=\"s\">\nx\n</svg>"
ASSUME HTMLNewLine = "<br>"
ASSUME HTMLJSLineElems("a", "b") = "document.getElementById(\"a\"), document.getElementById(\"b\")"
ASSUME HTMLJSLine("a", "b", "red", "3")
         = "new LeaderLine(" \o HTMLJSLineElems("a", "b") \o ", {color: 'red', size: 3})"
ASSUME HTMLJSLineDash("a", "b", "red", "3")
         = "new LeaderLine(" \o HTMLJSLineElems("a", "b") \o ",  {color: 'red', size: 3, dash: true})"
ASSUME HTMLJSKeyListener(<<"e">>)
         = "window.onkeyup = function(event) {\nlet key = event.key.toUpperCase();\ne\n}"
ASSUME HTMLJSNavigationKey("K", "f")
         = "if(key == 'K'){\nwindow.location.replace(\"f\");\n}"
=============================================================================
