// The files that are part of the program, put in by C's #embed; each stands here by name.
#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char abi_js[] = {
#embed "pages/console/abi.js"
};
static const unsigned char account_js[] = {
#embed "pages/console/account.js"
};
static const unsigned char acts_js[] = {
#embed "pages/console/acts.js"
};
static const unsigned char api_js[] = {
#embed "pages/console/api.js"
};
static const unsigned char bird_svg[] = {
#embed "pages/console/bird.svg"
};
static const unsigned char contracts_js[] = {
#embed "pages/console/contracts.js"
};
static const unsigned char customer_js[] = {
#embed "pages/console/customer.js"
};
static const unsigned char dom_js[] = {
#embed "pages/console/dom.js"
};
static const unsigned char explorer_js[] = {
#embed "pages/console/explorer.js"
};
static const unsigned char feed_js[] = {
#embed "pages/console/feed.js"
};
static const unsigned char index_html[] = {
#embed "pages/console/index.html"
};
static const unsigned char interact_js[] = {
#embed "pages/console/interact.js"
};
static const unsigned char keccak_js[] = {
#embed "pages/console/keccak.js"
};
static const unsigned char lists_js[] = {
#embed "pages/console/lists.js"
};
static const unsigned char main_js[] = {
#embed "pages/console/main.js"
};
static const unsigned char network_js[] = {
#embed "pages/console/network.js"
};
static const unsigned char overview_js[] = {
#embed "pages/console/overview.js"
};
static const unsigned char rpc_js[] = {
#embed "pages/console/rpc.js"
};
static const unsigned char shop_js[] = {
#embed "pages/console/shop.js"
};
static const unsigned char source_js[] = {
#embed "pages/console/source.js"
};
static const unsigned char style_css[] = {
#embed "pages/console/style.css"
};
static const unsigned char text_js[] = {
#embed "pages/console/text.js"
};
static const unsigned char token_js[] = {
#embed "pages/console/token.js"
};
static const unsigned char wallet_js[] = {
#embed "pages/console/wallet.js"
};
static const unsigned char dollar_json[] = {
#embed "../../contracts/build/Dollar.json"
};
static const unsigned char orders_json[] = {
#embed "../../contracts/build/Orders.json"
};
static const unsigned char disperse_json[] = {
#embed "../../contracts/build/Disperse.json"
};
static const unsigned char cdnow_sample_txt[] = {
#embed "../../contracts/data/CDNOW_sample.txt"
};

static const CAsset table[] = {
    {"/abi.js", abi_js, sizeof abi_js},
    {"/account.js", account_js, sizeof account_js},
    {"/acts.js", acts_js, sizeof acts_js},
    {"/api.js", api_js, sizeof api_js},
    {"/bird.svg", bird_svg, sizeof bird_svg},
    {"/contracts.js", contracts_js, sizeof contracts_js},
    {"/customer.js", customer_js, sizeof customer_js},
    {"/dom.js", dom_js, sizeof dom_js},
    {"/explorer.js", explorer_js, sizeof explorer_js},
    {"/feed.js", feed_js, sizeof feed_js},
    {"/index.html", index_html, sizeof index_html},
    {"/interact.js", interact_js, sizeof interact_js},
    {"/keccak.js", keccak_js, sizeof keccak_js},
    {"/lists.js", lists_js, sizeof lists_js},
    {"/main.js", main_js, sizeof main_js},
    {"/network.js", network_js, sizeof network_js},
    {"/overview.js", overview_js, sizeof overview_js},
    {"/rpc.js", rpc_js, sizeof rpc_js},
    {"/shop.js", shop_js, sizeof shop_js},
    {"/source.js", source_js, sizeof source_js},
    {"/style.css", style_css, sizeof style_css},
    {"/text.js", text_js, sizeof text_js},
    {"/token.js", token_js, sizeof token_js},
    {"/wallet.js", wallet_js, sizeof wallet_js},
    {"/contracts/Dollar.json", dollar_json, sizeof dollar_json},
    {"/contracts/Orders.json", orders_json, sizeof orders_json},
    {"/contracts/Disperse.json", disperse_json, sizeof disperse_json},
    {"CDNOW_sample.txt", cdnow_sample_txt, sizeof cdnow_sample_txt},
};

CAsset CAssetAt(size_t index) {
    const CAsset none = {0, 0, 0};
    return index < sizeof table / sizeof table[0] ? table[index] : none;
}
